// A button that shows what was typed; the words come from the page.
export function passwords(page) {
  for (const box of page.querySelectorAll("[data-password]")) {
    const field = box.querySelector("input");
    const button = page.createElement("button");
    button.type = "button";
    button.className = "btn sec";
    button.setAttribute("aria-label", box.dataset.label);
    button.setAttribute("aria-controls", field.id);
    show(false);
    button.addEventListener("click", () => show(field.type === "password"));
    field.form?.addEventListener("submit", () => show(false));
    box.append(button);

    function show(isShown) {
      field.type = isShown ? "text" : "password";
      button.textContent = isShown ? box.dataset.hide : box.dataset.show;
      button.setAttribute("aria-pressed", String(isShown));
    }
  }
}
