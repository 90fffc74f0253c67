// @ts-check
// The enhancements of the search page for a visitor, who has no need of what
// the forum's pages do.
import "./search.js";
import "./search-page.js";
import "./reload.js";
