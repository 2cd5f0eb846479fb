import { controlDbSuite } from './port.suite.ts';

controlDbSuite('sqlite', (folder) => `sqlite:${folder}/control.db`);
