// Run at the top of the page's body, as GOV.UK Frontend asks: pages work without script, and this says that there is one.
document.body.classList.add('js-enabled', 'govuk-frontend-supported');
