// The colour switch changes the page where it stands; the server remembers the choice as it does without a script.
export function theme(page) {
  const form = page.querySelector("[data-theme-form]");
  form?.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button) return;
    event.preventDefault();
    show(page, form, button.value);
    const answer = new FormData(form);
    answer.set("theme", button.value);
    try {
      await fetch(form.action, { method: "POST", body: new URLSearchParams(answer), redirect: "manual" });
    } catch {
      // Offline: the colours stay for this page, and the choice is not remembered.
    }
  });
}

function show(page, form, value) {
  if (value) page.documentElement.dataset.theme = value;
  else delete page.documentElement.dataset.theme;
  page.querySelector('meta[name="color-scheme"]')?.setAttribute("content", value || "light dark");
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
}
