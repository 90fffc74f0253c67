// iCalendar with ical.js.
import ICAL from "ical.js";
import { each, repeated } from "./site.mjs";

export async function calendars(site) {
  let events = 0;
  const { count, faults } = await each(site, /\.ics$/, async (name) => {
    const text = site.text(name);
    const calendar = new ICAL.Component(ICAL.parse(text));
    const found = calendar.getAllSubcomponents("vevent").map((part) => new ICAL.Event(part));
    events += found.length;
    const wrong = repeated(found.map((event) => event.uid));
    if (found.length === 0) wrong.push("it has no events");
    if (!calendar.getFirstPropertyValue("prodid") || calendar.getFirstPropertyValue("version") !== "2.0") {
      wrong.push("it lacks PRODID, or VERSION:2.0");
    }
    if (/[^\r]\n/.test(text)) wrong.push("a line does not end with CR LF");
    const long = text.split("\r\n").filter((line) => Buffer.byteLength(line) > 75);
    if (long.length) wrong.push(`a line is longer than 75 bytes: ${long[0]}`);
    for (const event of found) {
      const stamp = event.component.getFirstPropertyValue("dtstamp");
      if (!event.uid || !event.summary || !stamp) wrong.push(`${event.uid} lacks UID, SUMMARY or DTSTAMP`);
      if (!(event.endDate.compare(event.startDate) > 0)) wrong.push(`${event.uid} ends before it starts`);
      const address = event.component.getFirstPropertyValue("url");
      if (address) wrong.push(...site.lost(address));
    }
    return wrong;
  });
  return { read: { calendars: count, events }, faults };
}
