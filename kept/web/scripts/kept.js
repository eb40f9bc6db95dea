// What script adds to pages: the behaviour of the components, in the page's own language.
import { initAll } from './govuk-frontend.js';

initAll();
