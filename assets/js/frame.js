// @ts-check
// The enhancements of pages that the program makes: search, forum, accounts.
import "./search.js";
import "./search-page.js";
import "./forum.js";
import "./reload.js";
