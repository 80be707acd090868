// The same random cases in every run, so that a failure can be looked at again.

import fc from "fast-check";

fc.configureGlobal({ seed: 20261121, numRuns: 200 });
