// What ical.js reads in calendar files: one JSON object a line for each event; it throws where it objects.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

ICAL.design.strict = true;

/** A date as it stands, a moment in seconds since 1970. */
function moment(time) {
  if (!time) return null;
  return time.isDate ? time.toString() : time.toUnixTime();
}

for (const file of process.argv.slice(2)) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  for (const event of calendar.getAllSubcomponents("vevent")) {
    const text = (name) => event.getFirstPropertyValue(name) ?? "";
    const found = { file, starts: moment(text("dtstart")), ends: moment(text("dtend")) };
    for (const name of ["uid", "summary", "location", "description", "categories", "status", "url"]) {
      found[name] = String(text(name));
    }
    console.log(JSON.stringify(found));
  }
  ICAL.TimezoneService.reset();
}
