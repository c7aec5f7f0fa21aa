export type { CreateRequest, Lifetime } from './domain/request.ts';
