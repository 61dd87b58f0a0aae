// Everything here improves pages that already work; each part looks for its own markup and leaves others alone.
import { chosen } from "./chosen.js";
import { live } from "./live.js";
import { localTimes } from "./local-times.js";
import { nearMe } from "./near-me.js";
import { menus } from "./menus.js";
import { passwords } from "./passwords.js";
import { push } from "./push.js";
import { problems } from "./problems.js";
import { sharing } from "./sharing.js";
import { theme } from "./theme.js";
import { eventForm } from "./event-form.js";
import { cities } from "./cities.js";

const parts = [theme, menus, chosen, problems, passwords, localTimes, eventForm, cities, nearMe, sharing, live, push];
for (const part of parts) part(document);
