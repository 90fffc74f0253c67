// Package database opens SQLite or PostgreSQL and hides how they differ.
package database

// DB is a database of either engine.
type DB struct{}
