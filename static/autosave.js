// Saves a draft while it is typed. Without this file the form has a Save button.
const form = document.querySelector("form[data-autosave]");
if (form) {
  const state = form.querySelector("[data-autosave-state]");
  const words = form.dataset;
  let timer = 0, busy = false, again = false, stopped = false;
  const say = (text) => { state.textContent = text; };
  const later = (ms) => { clearTimeout(timer); timer = setTimeout(save, ms); };
  async function save() {
    if (stopped) return;
    if (busy) { again = true; return; }
    busy = true; again = false; timer = 0;
    say(words.saving);
    try {
      const answer = await fetch(words.autosave, { method: "POST", body: new FormData(form), redirect: "error" });
      const told = await answer.json();
      if (answer.ok) {
        form.elements.version.value = told.version;
        const at = new Date(told.saved_at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
        say(words.saved.replace("%s", at));
      } else {
        // Somebody else saved, or it was submitted: the page's own button shows both texts.
        stopped = answer.status === 409 || answer.status === 403;
        say(told.error.message + (told.error.code === "clash" && words.clash ? " " + words.clash : ""));
      }
    } catch {
      say(words.failed);
      later(10000);
    }
    busy = false;
    if (again) later(500);
  }
  form.addEventListener("input", () => later(1200));
  form.addEventListener("change", () => later(300));
  const typed = (f) => "defaultValue" in f && (f.value !== f.defaultValue || f.checked !== f.defaultChecked);
  if ([...form.elements].some(typed)) later(300); // before this file had come
  form.addEventListener("submit", (event) => {
    // A save under way would make the button's own version stale: wait for it, then send.
    clearTimeout(timer);
    if (!busy) { stopped = true; return; }
    event.preventDefault();
    const wait = setInterval(() => { if (!busy) { clearInterval(wait); stopped = true; form.requestSubmit(event.submitter); } }, 50);
  });
  addEventListener("pagehide", () => { if (timer && !stopped && !busy) navigator.sendBeacon(words.autosave, new FormData(form)); });
}
