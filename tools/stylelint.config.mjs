// Rules for assets/css. Colours are named in tokens.css and used by meaning;
// logical properties make right-to-left free; the print sheet is no exception.
const color = "/(^|-)color$|^(fill|stroke|background|border|outline|box-shadow)$/";
const physical = [
  "/^(margin|padding)-(left|right|top|bottom)$/",
  "/^border-(left|right|top|bottom)(-|$)/",
  "/^border-(top|bottom)-(left|right)-radius$/",
  "/^(left|right|top|bottom)$/",
];

export default {
  extends: ["stylelint-config-standard"],
  reportNeedlessDisables: true,
  rules: {
    "color-named": "never",
    "color-no-hex": true,
    "declaration-no-important": true,
    "function-disallowed-list": ["rgb", "rgba", "hsl", "hsla"],
    "declaration-property-value-disallowed-list": {
      [color]: ["/(oklch|oklab|lch|lab|hwb|color)\\(/"],
      "text-align": ["left", "right"],
      float: ["left", "right"],
    },
    "property-disallowed-list": physical,
    "selector-max-id": 0,
    "max-nesting-depth": 2,
    "selector-class-pattern": [
      "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
      { message: "Name classes in lower case with single hyphens" },
    ],
    // Sheets are ordered by meaning and by layer, not by specificity.
    "no-descending-specificity": null,
    "hue-degree-notation": null,
    "import-notation": "string",
    "value-keyword-case": ["lower", { ignoreKeywords: ["/^[A-Z]/"] }],
    // One-line blocks and grouped rules read better in short sheets.
    "rule-empty-line-before": null,
    "declaration-empty-line-before": null,
    "comment-empty-line-before": null,
    "at-rule-empty-line-before": null,
    "custom-property-empty-line-before": null,
    "declaration-block-single-line-max-declarations": null,
    "media-feature-range-notation": null,
  },
  overrides: [
    {
      files: ["**/tokens.css"],
      rules: {
        "color-no-hex": null,
        "function-disallowed-list": null,
        "declaration-property-value-disallowed-list": null,
      },
    },
    {
      // The reset speaks to the browsers' own sheets, in their dialects.
      files: ["**/reset.css"],
      rules: { "declaration-no-important": null, "property-no-vendor-prefix": null },
    },
  ],
};
