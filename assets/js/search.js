// Search enhancements.
