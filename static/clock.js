// The server's clock, going on from the moment the page was made. Without this file it stands still, and says when that was.
const clocks = document.querySelectorAll("time[data-clock]");
const age = performance.getEntriesByType("navigation")[0]?.responseStart || 0;
for (const clock of clocks) {
  const made = Date.parse(clock.dateTime), began = performance.timeOrigin + age;
  const words = new Intl.DateTimeFormat(document.documentElement.lang || "en", {
    timeZone: clock.dataset.clock, day: "numeric", month: "long", year: "numeric",
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  const tick = () => { clock.textContent = words.format(made + Date.now() - began) + " (" + clock.dataset.clock + ")"; };
  tick();
  setInterval(tick, 1000);
}
