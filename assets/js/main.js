// @ts-check
// Enhancements only: every page is complete before this file arrives. Pages
// that the program makes have frame.js in its place.
import "./search.js";
import "./offline-page.js";
import "./reload.js";
import "./table.js";
