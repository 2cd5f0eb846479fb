import { onlineStoreSuite } from './port.suite.ts';

onlineStoreSuite('lmdb', (folder) => `lmdb:${folder}`);
