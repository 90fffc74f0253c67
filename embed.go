// Package cmc holds the house that every site is built in: layouts, styles,
// scripts, interface texts and archetypes. A site brings only config.toml,
// content/ and data/; where its folder has a layouts/ of its own, that is used
// instead.
package cmc

import "embed"

// House is the embedded theme. Its config.toml is that of our own site; others
// take only the formats from it that the layouts make. The prefix all: is needed because embed skips
// names that begin with an underscore, as _partials and _markup do.
//
//go:embed all:layouts all:assets all:i18n all:static all:archetypes config.toml
var House embed.FS
