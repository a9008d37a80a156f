// No test asks the trust store of whoever runs it.

import { tmpdir } from "node:os";
import { join } from "node:path";

process.env["XDG_CONFIG_HOME"] = join(tmpdir(), `andon-no-config-${process.pid}`);
