// A small browser without JavaScript: cookies, redirects, forms, and a person who fills them in.
//
// It does what a browser does and nothing a browser would not: it submits the forms the server wrote, with the hidden
// fields the server put there, and follows redirects one at a time until one leads back to the application.

const TIMEOUT = 20_000;
const MOST_REDIRECTS = 15;
const MOST_PAGES = 8;

/** A page the server showed: its forms, and the words a person reads first. */
export class Page {
    constructor(address, status, markup) {
        this.address = address;
        this.status = status;
        Object.assign(this, parse(markup));
    }

    /** Whether a person can see a field of that name (a hidden one is the server's own memory). */
    asksFor(name) {
        return this.forms.some((form) => form.controls.some((one) => one.name === name && one.type !== "hidden"));
    }

    button(id) {
        for (const form of this.forms) {
            const control = form.controls.find((one) => one.id === id);
            if (control) {
                return { form, control };
            }
        }
        return undefined;
    }

    toString() {
        const ids = this.forms.flatMap((form) => form.controls.map((one) => one.id)).filter(Boolean);
        const { pathname } = new URL(this.address);
        return `page ${pathname} status ${this.status} title "${this.title}" heading "${this.heading}" alert "${this.alert}" controls ${ids}`;
    }
}

/** The server's answer to the application, caught on its way to the redirect URI. */
export class Returned {
    constructor(mode, address, parameters) {
        this.mode = mode;
        this.address = address;
        Object.defineProperty(this, "parameters", { value: parameters, enumerable: false });
    }
}

export class Browser {
    #origin;
    #cookies = new Map();

    constructor(environment) {
        this.#origin = environment.origin;
    }

    open(address, redirectUri) {
        return this.#follow("GET", address, undefined, redirectUri, undefined);
    }

    /** Fills in `typed` and presses a button, as a browser submits the form that button belongs to. */
    press(page, buttonId, typed, redirectUri) {
        const found = page.button(buttonId);
        if (!found) {
            throw new Error(`There is no #${buttonId} on ${page}.`);
        }
        const { form, control: button } = found;
        if (form.method !== "post") {
            throw new Error(`A form with an answer in it must be posted: ${page}.`);
        }
        const fields = new URLSearchParams();
        for (const control of form.controls) {
            const pressable = ["submit", "button", "image", "reset", "file"].includes(control.type);
            const unchecked = ["checkbox", "radio"].includes(control.type) && !control.checked;
            if (control.name && !pressable && !unchecked) {
                const visible = control.type !== "hidden";
                fields.append(control.name, visible ? (typed[control.name] ?? control.value) : control.value);
            }
        }
        if (button.name) {
            fields.append(button.name, button.value);
        }
        const address = new URL(button.formAction ?? form.action, page.address).href;
        return this.#follow("POST", address, fields, redirectUri, new URL(page.address).origin);
    }

    /** Hands a caught answer to an application that listens for it. */
    async deliver(returned) {
        const posted = returned.mode === "form_post";
        const answer = await fetch(returned.address, {
            method: posted ? "POST" : "GET",
            body: posted ? new URLSearchParams(returned.parameters) : undefined,
            headers: posted ? { Origin: this.#origin } : {},
            signal: AbortSignal.timeout(TIMEOUT),
        });
        await answer.text();
        if (!answer.ok) {
            throw new Error(`The application refused its answer with status ${answer.status}.`);
        }
    }

    async #follow(method, address, fields, redirectUri, origin) {
        for (let hop = 0; hop < MOST_REDIRECTS; hop += 1) {
            if (new URL(address).origin !== this.#origin) {
                throw new Error(`The server sent the browser to ${withoutQuery(address)}, which nobody asked for.`);
            }
            const answer = await fetch(address, {
                method,
                body: fields,
                redirect: "manual",
                headers: {
                    Accept: "text/html",
                    "Accept-Language": "en",
                    "User-Agent": "vestibule-interop",
                    ...(this.#cookies.size ? { Cookie: this.#cookieHeader(address) } : {}),
                    ...(method === "POST" ? { Origin: origin } : {}),
                },
                signal: AbortSignal.timeout(TIMEOUT),
            });
            this.#remember(answer);
            if (![301, 302, 303, 307, 308].includes(answer.status)) {
                const page = new Page(address, answer.status, await answer.text());
                return answerToPost(page, redirectUri) ?? page;
            }
            await answer.body?.cancel();
            if (answer.status < 307) {
                method = "GET";
                fields = undefined;
            }
            address = new URL(answer.headers.get("location"), address).href;
            if (samePlace(address, redirectUri)) {
                return answerInAddress(address);
            }
        }
        throw new Error(`More than ${MOST_REDIRECTS} redirects in a row, the last to ${withoutQuery(address)}.`);
    }

    #remember(answer) {
        for (const line of answer.headers.getSetCookie()) {
            const [pair, ...attributes] = line.split(";").map((part) => part.trim());
            const name = pair.slice(0, pair.indexOf("="));
            const value = pair.slice(pair.indexOf("=") + 1);
            const given = Object.fromEntries(
                attributes.map((attribute) => {
                    const [key, ...rest] = attribute.split("=");
                    return [key.toLowerCase(), rest.join("=")];
                }),
            );
            const gone =
                given["max-age"] !== undefined
                    ? Number(given["max-age"]) <= 0
                    : given.expires !== undefined && Date.parse(given.expires) <= Date.now();
            if (gone) {
                this.#cookies.delete(name);
            } else {
                this.#cookies.set(name, { value, path: given.path || "/" });
            }
        }
    }

    #cookieHeader(address) {
        const { pathname } = new URL(address);
        return [...this.#cookies]
            .filter(([, cookie]) => pathname === cookie.path || pathname.startsWith(cookie.path.replace(/\/?$/, "/")))
            .map(([name, cookie]) => `${name}=${cookie.value}`)
            .join("; ");
    }
}

/** Somebody in front of the browser: answers one question a page, and stops where a person would. */
export class Person {
    #browser;
    #user;

    constructor(browser, user) {
        this.#browser = browser;
        this.#user = user;
    }

    /** Signs in and returns what the application receives. */
    async signIn(address, redirectUri) {
        const outcome = await this.tryToSignIn(address, redirectUri, this.#user.password);
        if (outcome instanceof Page) {
            throw new Error(`${this.#user.upn} could not sign in; the last was ${outcome}.`);
        }
        return outcome;
    }

    /** As `signIn`, but stops at a page that refuses the password, or that is not a question at all. */
    async tryToSignIn(address, redirectUri, password) {
        return this.goOn(await this.#browser.open(address, redirectUri), redirectUri, password);
    }

    async goOn(here, redirectUri, password) {
        let gavePassword = false;
        let answeredStay = false;
        for (let step = 0; step < MOST_PAGES; step += 1) {
            if (here instanceof Returned) {
                return here;
            }
            let typed = {};
            let button = "idSIButton9";
            if (here.asksFor("passwd")) {
                if (gavePassword) {
                    return here;
                }
                gavePassword = true;
                typed = { loginfmt: this.#user.upn, passwd: password };
            } else if (here.asksFor("loginfmt")) {
                if (gavePassword || here.alert) {
                    return here;
                }
                typed = { loginfmt: this.#user.upn };
            } else if (gavePassword && !answeredStay && here.button("idSIButton9") && here.button("idBtn_Back")) {
                answeredStay = true;
                button = "idBtn_Back"; // "stay signed in?" - no
            } else {
                return here;
            }
            here = await this.#browser.press(here, button, typed, redirectUri);
        }
        throw new Error(`More than ${MOST_PAGES} pages to sign in, the last was ${here}.`);
    }
}

function answerInAddress(address) {
    const { hash, search } = new URL(address);
    return new Returned(hash ? "fragment" : "query", address, singleValues(hash ? hash.slice(1) : search.slice(1)));
}

function answerToPost(page, redirectUri) {
    for (const form of page.forms) {
        const address = new URL(form.action, page.address).href;
        if (form.method === "post" && samePlace(address, redirectUri)) {
            const fields = form.controls.filter((one) => one.name && one.type === "hidden");
            return new Returned("form_post", address, Object.fromEntries(fields.map((one) => [one.name, one.value])));
        }
    }
    return undefined;
}

function singleValues(encoded) {
    const values = new URLSearchParams(encoded);
    const repeated = [...values.keys()].filter((name) => values.getAll(name).length > 1);
    if (repeated.length) {
        throw new Error(`The answer repeats ${repeated}.`);
    }
    return Object.fromEntries(values);
}

function samePlace(address, redirectUri) {
    const one = new URL(address);
    const other = new URL(redirectUri);
    return one.origin === other.origin && one.pathname === other.pathname;
}

const withoutQuery = (address) => address.split(/[?#]/)[0];

const VOID = new Set(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]);

/** Reads forms with their controls, title, heading and alerts out of well-formed markup. */
function parse(markup) {
    const page = { forms: [], title: "", heading: "", alert: "" };
    const loose = []; // controls that name their form by the `form` attribute
    const open = [];
    let current;
    const tags = /<!--[\s\S]*?-->|<!doctype[^>]*>|<(script|style)\b[\s\S]*?<\/\1\s*>|<(\/?)([a-z][a-z0-9-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>|[^<]+|</gi;
    for (const [piece, , slash, name, attributeText] of markup.matchAll(tags)) {
        const tag = name?.toLowerCase();
        if (!tag) {
            if (!piece.startsWith("<")) {
                const text = decodeEntities(piece);
                if (open.some((one) => one.tag === "title")) page.title += text;
                if (open.some((one) => one.tag === "h1")) page.heading += text;
                if (open.some((one) => one.role === "alert")) page.alert += text;
            }
            continue;
        }
        if (slash) {
            if (tag === "form") current = undefined;
            const opened = open.findLastIndex((one) => one.tag === tag);
            if (opened >= 0) open.length = opened;
            continue;
        }
        const given = attributes(attributeText);
        if (tag === "form") {
            current = { id: given.id, action: given.action ?? "", method: (given.method ?? "get").toLowerCase(), controls: [] };
            page.forms.push(current);
        } else if (tag === "input" || tag === "button") {
            const type = (given.type ?? (tag === "input" ? "text" : "submit")).toLowerCase();
            const control = {
                type,
                id: given.id,
                name: given.name,
                value: given.value ?? (["checkbox", "radio"].includes(type) ? "on" : ""),
                checked: "checked" in given,
                formAction: given.formaction,
            };
            if ("form" in given) loose.push([given.form, control]);
            else current?.controls.push(control);
        }
        if (!VOID.has(tag)) open.push({ tag, role: given.role });
    }
    for (const [id, control] of loose) {
        page.forms.find((form) => form.id === id)?.controls.push(control);
    }
    for (const words of ["title", "heading", "alert"]) {
        page[words] = page[words].replace(/\s+/g, " ").trim();
    }
    return page;
}

function attributes(text) {
    const given = {};
    for (const [, name, double, single, bare] of text.matchAll(/([^\s"'=/>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)) {
        given[name.toLowerCase()] = decodeEntities(double ?? single ?? bare ?? "");
    }
    return given;
}

const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

function decodeEntities(text) {
    return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex, decimal, name) =>
        hex ? String.fromCodePoint(parseInt(hex, 16)) : decimal ? String.fromCodePoint(Number(decimal)) : (NAMED[name] ?? whole),
    );
}
