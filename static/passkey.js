// Passkeys: start what allauth's scripts offer, show what only works with JavaScript, say it when a key fails.
(() => {
  "use strict";
  const named = !/^[\d.]+$|:/.test(location.hostname); // browsers give no passkey to a bare number
  const show = (id) => { const part = document.getElementById(id); if (part) part.hidden = false; };
  document.querySelectorAll(".needs-script").forEach((part) => { part.hidden = !(window.PublicKeyCredential && named); });
  if (!named) show("passkey_number");
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    show("passkey_problem");
  });
  // <script type="application/json" data-passkey="loginForm">{"ids": {…}}</script>
  document.querySelectorAll("script[data-passkey]").forEach((data) => {
    window.allauth.webauthn.forms[data.dataset.passkey](JSON.parse(data.textContent));
  });
})();
