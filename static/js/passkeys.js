// Shows what needs passkeys where the browser can do them, and says what to do when one is not accepted.
// The rest is django-allauth's (mfa/js/webauthn.js). Load with <script type="module">.
if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-no-passkey]")) part.hidden = true;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const notice of document.querySelectorAll("[data-passkey-error]")) {
    notice.hidden = false;
    notice.focus();
  }
});
