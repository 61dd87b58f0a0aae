// “Near me”: asks the browser where it is, rounds to a tenth of a degree and looks there. The position is kept nowhere;
// without a script, or where the browser does not tell, people type a city.
export function nearMe(page) {
  for (const button of page.querySelectorAll("[data-near-me]")) {
    button.hidden = !navigator.geolocation;
    button.addEventListener("click", () => ask(button));
  }
}

function ask(button) {
  const form = button.form;
  const status = form.querySelector("[data-near-me-status]");
  status.textContent = "";
  button.setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      form.elements.near.value = `${coords.latitude.toFixed(1)},${coords.longitude.toFixed(1)}`;
      form.requestSubmit();
    },
    () => {
      button.removeAttribute("aria-busy");
      status.textContent = button.dataset.failed;
      form.elements.near.focus();
    },
    { maximumAge: 600_000, timeout: 10_000 },
  );
}
