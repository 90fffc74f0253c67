// Package mail turns the event log into letters: at once, daily, weekly or not
// at all, as each seat asks for each room.
//
// It promises that what a seat is to be told of, it is told of once, however
// often the work is begun, wherever it is cut off, and on however many nodes:
// the letters and how far the log was read are written in one transaction. It
// asks the access rule when a letter is written and again before it leaves. It
// refuses to tell of what was said in a room more than the room's mail level
// and its policy allow.
package mail
