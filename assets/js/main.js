// @ts-check
// Enhancements only: every page is complete before this file arrives.
import "./search.js";
import "./search-page.js";
import "./forum.js";
import "./offline-page.js";
import "./reload.js";
import "./table.js";
