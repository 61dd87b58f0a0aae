// The form of an event asks only what applies: fields of other answers are folded away, never emptied, and they stay
// open where something is typed in them or refused.
const SHOWN_FOR = {
  end_date: { duration: ["run"] },
  further_dates: { duration: ["dates"] },
  venue: { mode: ["in_person", "hybrid"] },
  address: { mode: ["in_person", "hybrid"] },
  room: { mode: ["in_person", "hybrid"] },
  stream_url: { mode: ["online", "hybrid"] },
  stream_fallback_url: { mode: ["online", "hybrid"] },
  stream_opens_minutes: { mode: ["online", "hybrid"] },
  registration_url: { entry: ["registration"] },
  registration_by: { entry: ["registration"] },
  price: { is_free: ["paid"] },
};
// A field with a value of its own from the beginning says nothing about what the person wants.
const ALWAYS_FILLED = new Set(["stream_opens_minutes"]);

export function eventForm(page) {
  for (const form of page.querySelectorAll("form[data-event-form]")) {
    const fold = () => foldFields(form);
    form.addEventListener("change", fold);
    fold();
    guard(form);
  }
}

function foldFields(form) {
  for (const [name, conditions] of Object.entries(SHOWN_FOR)) {
    const box = form.querySelector(`[data-field="${name}"]`);
    if (!box) continue;
    const applies = Object.entries(conditions).every(([asked, answers]) => {
      const answer = form.elements[asked]?.value ?? "";
      return answers.includes(answer);
    });
    box.hidden = !applies && !isFilled(form, box, name) && !box.classList.contains("fe");
  }
  const hours = form.querySelector('[data-field="hours_0"]')?.closest("details");
  if (hours) hours.hidden = form.elements.duration?.value !== "run" && ![...hours.querySelectorAll("input")].some((x) => x.value);
}

function isFilled(form, box, name) {
  return !ALWAYS_FILLED.has(name) && [...box.querySelectorAll("input, textarea")].some((field) => field.value.trim());
}

/** Ask before typed answers are lost; the browser says it in its own words. */
function guard(form) {
  let isChanged = Boolean(form.querySelector(".fe"));
  form.addEventListener("input", () => (isChanged = true));
  form.addEventListener("submit", () => (isChanged = false));
  window.addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });
}
