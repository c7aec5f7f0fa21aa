export { present } from '../domain/present.ts';
