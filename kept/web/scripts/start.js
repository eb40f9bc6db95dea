// Run before the page is drawn, as GOV.UK Frontend asks: pages work without script, and this says that there is one.
document.documentElement.classList.add('js-enabled', 'govuk-frontend-supported')
document.addEventListener('DOMContentLoaded', () => {
  document.body.classList.add('js-enabled', 'govuk-frontend-supported')
})
