// Forum enhancements.
