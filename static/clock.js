// The server's clock, going on from the moment the page was made. Without this file it stands still, and says when that was.
const began = performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseStart || 0);
for (const clock of document.querySelectorAll("time[data-clock]")) {
  const made = Date.parse(clock.dateTime), zone = clock.textContent.slice(clock.textContent.indexOf("("));
  const words = new Intl.DateTimeFormat(document.documentElement.lang || "en", {
    timeZone: clock.dataset.clock, day: "numeric", month: "long", year: "numeric",
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  const tick = () => {
    const at = Object.fromEntries(words.formatToParts(made + Date.now() - began).map((part) => [part.type, part.value]));
    clock.textContent = `${at.day} ${at.month} ${at.year}, ${at.hour}:${at.minute}:${at.second} ${zone}`;
  };
  tick();
  setInterval(tick, 1000);
}
