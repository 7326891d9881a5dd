export async function checkWebLinks(_b: unknown, _o: unknown): Promise<void> {}
