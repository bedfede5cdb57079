// The rooms: a form is sent once, and drafts say whether they are saved. Everything works without this file.
(() => {
  "use strict";

  // A second press on the same button does nothing until the page changes (or comes back from the cache).
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    form.querySelectorAll("button:not([type=button])").forEach((button) => button.setAttribute("aria-disabled", "true"));
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
    });
  });

  // <p class="save-state" role="status" data-saving="…" data-saved="…" data-failed="…"></p>
  const say = (state) => {
    const place = document.querySelector(".save-state[data-" + state + "]");
    if (place) place.textContent = place.dataset[state];
  };
  document.addEventListener("htmx:beforeRequest", () => say("saving"));
  document.addEventListener("htmx:afterRequest", (event) => say(event.detail.successful ? "saved" : "failed"));
})();
