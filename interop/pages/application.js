// The application that a person comes from and goes back to. It writes down what it is told, and says "Arrived".

import { createServer } from "node:http";

export async function startApplication() {
    const arrivals = [];
    const server = createServer(async (request, response) => {
        const { pathname, search } = new URL(request.url, "http://localhost");
        const chunks = [];
        for await (const chunk of request) {
            chunks.push(chunk);
        }
        if (pathname !== "/favicon.ico") {
            const said = request.method === "POST" ? Buffer.concat(chunks).toString() : search;
            arrivals.push({ path: pathname, ...Object.fromEntries(new URLSearchParams(said)) });
        }
        response.writeHead(200, { "content-type": "text/html", "cache-control": "no-store" });
        response.end("<!doctype html><html lang=en><title>Arrived</title><link rel=icon href=data:,><h1>Arrived</h1>");
    });
    await new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", resolve);
    });
    return {
        port: server.address().port,
        /** What the last browser to arrive brought with it. */
        get lastArrival() {
            return arrivals.at(-1);
        },
        close() {
            server.closeAllConnections();
            return new Promise((resolve) => server.close(resolve));
        },
    };
}
