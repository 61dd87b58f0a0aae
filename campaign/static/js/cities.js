// City field with suggestions: the combobox pattern of the ARIA Authoring Practices, with a list that never takes focus.
// A chosen city fills in its country and remembers its number; typing on forgets the number again.
const WAIT = 180;

export function cities(page) {
  for (const form of page.querySelectorAll("form[data-event-form]")) {
    const field = form.elements.city;
    if (field instanceof HTMLInputElement) new CityField(form, field);
  }
}

class CityField {
  #form;
  #field;
  #list;
  #status;
  #found = [];
  #active = -1;
  #timer = 0;
  #asked = 0;

  constructor(form, field) {
    this.#form = form;
    this.#field = field;
    this.#build();
    field.addEventListener("input", () => this.#typed());
    field.addEventListener("keydown", (event) => this.#key(event));
    field.addEventListener("blur", () => this.#close());
    form.elements.country?.addEventListener("change", () => this.#set("city_id", ""));
  }

  #build() {
    const box = document.createElement("div");
    box.className = "suggest";
    this.#field.before(box);
    this.#list = document.createElement("ul");
    Object.assign(this.#list, { id: `${this.#field.id}-cities`, hidden: true });
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", this.#field.labels?.[0]?.textContent.trim() ?? "");
    this.#status = document.createElement("span");
    this.#status.className = "vh";
    this.#status.setAttribute("role", "status");
    box.append(this.#field, this.#list, this.#status);
    const about = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.#list.id };
    for (const [name, value] of Object.entries(about)) this.#field.setAttribute(name, value);
    this.#field.autocomplete = "off";
    // Pressing the mouse must not take the cursor out of the field before the click has chosen.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.#choose(Number(row.dataset.index));
    });
  }

  #typed() {
    this.#set("city_id", "");
    clearTimeout(this.#timer);
    const typed = this.#field.value.trim();
    if (typed.length < 2) this.#close();
    else this.#timer = setTimeout(() => this.#ask(typed), WAIT);
  }

  async #ask(typed) {
    const number = ++this.#asked;
    try {
      const answer = await fetch(`/places/cities?${new URLSearchParams({ q: typed })}`);
      const found = answer.ok ? await answer.json() : [];
      if (number === this.#asked && document.activeElement === this.#field) this.#show(found);
    } catch {
      this.#close(); // Without the list the field is a plain field, and the server looks the city up.
    }
  }

  #show(found) {
    this.#found = found;
    this.#active = -1;
    this.#list.replaceChildren(...found.map((city, index) => row(city, index, this.#list.id)));
    this.#status.textContent = found.length ? found.map((city) => `${city.name}, ${city.country_name}`).slice(0, 3).join("; ") : "";
    this.#open(found.length > 0);
  }

  #open(isOpen) {
    this.#list.hidden = !isOpen;
    this.#field.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) this.#field.removeAttribute("aria-activedescendant");
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.#active = -1;
    this.#open(false);
  }

  #key(event) {
    if (this.#list.hidden) return;
    const last = this.#found.length - 1;
    if (event.key === "ArrowDown") this.#move(this.#active === last ? 0 : this.#active + 1);
    else if (event.key === "ArrowUp") this.#move(this.#active <= 0 ? last : this.#active - 1);
    else if (event.key === "Enter" && this.#active >= 0) this.#choose(this.#active);
    else if (event.key === "Escape") this.#close();
    else return;
    event.preventDefault();
  }

  #move(index) {
    this.#active = index;
    for (const [place, option] of [...this.#list.children].entries()) {
      option.setAttribute("aria-selected", String(place === index));
      if (place !== index) continue;
      this.#field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
  }

  #choose(index) {
    const city = this.#found[index];
    this.#field.value = city.name;
    this.#set("city_id", city.id);
    this.#set("country", city.country);
    this.#set("time_zone", ""); // Empty means: as in the city.
    this.#status.textContent = `${city.name}, ${city.country_name}`;
    this.#close();
  }

  #set(name, value) {
    const field = this.#form.elements[name];
    if (field) field.value = value;
  }
}

function row(city, index, listId) {
  const option = document.createElement("li");
  option.id = `${listId}-${index}`;
  option.dataset.index = index;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const name = document.createElement("bdi");
  name.textContent = city.name;
  const place = document.createElement("small");
  place.textContent = [city.admin, city.country_name].filter(Boolean).join(", ");
  option.append(name, place);
  return option;
}
