// The page at /graphiql. Everything it needs is bundled; it talks to its own origin only.
import './workers.js';
import 'graphiql/style.css';
import './page.css';

import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

import { examples } from './examples.js';
import { fetcher } from './fetcher.js';

// Where a token goes; an empty one gives way to that of who signed in on this page. Headers are never written to the
// browser's storage.
const HEADERS = '{\n  "Authorization": ""\n}';

function Page() {
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultTabs={examples}
      initialHeaders={HEADERS}
      defaultHeaders={HEADERS}
      defaultEditorToolsVisibility="variables"
      shouldPersistHeaders={false}
    >
      <GraphiQL.Logo>Triptych</GraphiQL.Logo>
    </GraphiQL>
  );
}

createRoot(document.getElementById('graphiql')).render(<Page />);
