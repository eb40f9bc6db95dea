// What script adds to pages: the behaviour of the components, in the page's own language.
import { createAll, initAll } from './govuk-frontend.js';
import { SortableTable } from './sortable-table.js';

initAll();
createAll(SortableTable);
