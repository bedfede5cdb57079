// Passkeys: show what only works with JavaScript, and say in words when a key could not be read.
(() => {
  "use strict";
  document.querySelectorAll(".needs-script").forEach((part) => { part.hidden = !window.PublicKeyCredential; });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const problem = document.getElementById("passkey_problem");
    if (problem) problem.hidden = false;
  });
})();
