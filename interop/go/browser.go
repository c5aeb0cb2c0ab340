package interop

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

const (
	timeout       = 20 * time.Second
	mostRedirects = 15
	mostPages     = 8
)

// Browser is a small browser without JavaScript: cookies, redirects and forms.
//
// It does what a browser does and nothing a browser would not: it submits the forms the server wrote, with the hidden
// fields the server put there, and follows redirects one at a time until one leads back to the application.
type Browser struct {
	origin string
	client *http.Client
}

// NewBrowser is a browser without cookies.
func NewBrowser(environment *Environment) *Browser {
	jar, _ := cookiejar.New(nil) // never fails without options
	return &Browser{environment.Origin, &http.Client{
		Jar:           jar,
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Returned is the server's answer to the application, caught on its way to the redirect URI.
type Returned struct {
	Mode       string
	Address    *url.URL
	Parameters url.Values
}

// Page is a page the server showed.
type Page struct {
	Address *url.URL
	Status  int
	Title   string
	Heading string
	Alert   string
	forms   []*form
}

type form struct {
	id, action, method string
	controls           []control
}

type control struct {
	kind, id, name, value, formAction string
	checked                           bool
}

func (p *Page) String() string {
	return fmt.Sprintf("page %s status %d title %q heading %q alert %q", p.Address.Path, p.Status, p.Title, p.Heading, p.Alert)
}

// AsksFor says whether a person can see a field of that name (a hidden one is the server's own memory).
func (p *Page) AsksFor(name string) bool {
	for _, form := range p.forms {
		for _, control := range form.controls {
			if control.name == name && control.kind != "hidden" {
				return true
			}
		}
	}
	return false
}

// Button finds a button by its id.
func (p *Page) button(id string) (*form, *control) {
	for _, form := range p.forms {
		for i := range form.controls {
			if form.controls[i].id == id {
				return form, &form.controls[i]
			}
		}
	}
	return nil, nil
}

// Open goes to an address. It ends at a page, or at the answer to the application.
func (b *Browser) Open(address, redirectURI string) (*Page, *Returned, error) {
	return b.follow(http.MethodGet, address, nil, redirectURI, "")
}

// Press fills in what is typed and presses a button, as a browser submits the form that button belongs to.
func (b *Browser) Press(page *Page, buttonID string, typed map[string]string, redirectURI string) (*Page, *Returned, error) {
	form, button := page.button(buttonID)
	if button == nil {
		return nil, nil, fmt.Errorf("there is no #%s on %s", buttonID, page)
	}
	if form.method != "post" {
		return nil, nil, fmt.Errorf("a form with an answer in it must be posted: %s", page)
	}
	fields := url.Values{}
	for _, control := range form.controls {
		switch control.kind {
		case "submit", "button", "image", "reset", "file":
			continue
		case "checkbox", "radio":
			if !control.checked {
				continue
			}
		}
		value := control.value
		if written, ok := typed[control.name]; ok && control.kind != "hidden" {
			value = written
		}
		if control.name != "" {
			fields.Add(control.name, value)
		}
	}
	if button.name != "" {
		fields.Add(button.name, button.value)
	}
	action := form.action
	if button.formAction != "" {
		action = button.formAction
	}
	address, err := page.Address.Parse(action)
	if err != nil {
		return nil, nil, err
	}
	return b.follow(http.MethodPost, address.String(), fields, redirectURI, originOf(page.Address))
}

// Deliver hands a caught answer to an application that listens for it.
func (b *Browser) Deliver(returned *Returned) error {
	method, fields := http.MethodGet, url.Values(nil)
	if returned.Mode == "form_post" {
		method, fields = http.MethodPost, returned.Parameters
	}
	answer, _, err := b.send(method, returned.Address.String(), fields, b.origin)
	if err == nil && answer.StatusCode >= 400 {
		err = fmt.Errorf("the application refused its answer with status %d", answer.StatusCode)
	}
	return err
}

func (b *Browser) follow(method, address string, fields url.Values, redirectURI, origin string) (*Page, *Returned, error) {
	for hop := 0; hop < mostRedirects; hop++ {
		at, err := url.Parse(address)
		if err != nil {
			return nil, nil, err
		}
		if originOf(at) != b.origin {
			return nil, nil, fmt.Errorf("the server sent the browser to %s, which nobody asked for", withoutQuery(at))
		}
		answer, body, err := b.send(method, address, fields, origin)
		if err != nil {
			return nil, nil, err
		}
		switch answer.StatusCode {
		case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther:
			method, fields = http.MethodGet, nil
		case http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		default:
			page, err := readPage(at, answer.StatusCode, body)
			if err != nil {
				return nil, nil, err
			}
			if returned := answerToPost(page, redirectURI); returned != nil {
				return nil, returned, nil
			}
			return page, nil, nil
		}
		next, err := at.Parse(answer.Header.Get("Location"))
		if err != nil {
			return nil, nil, err
		}
		if samePlace(next, redirectURI) {
			returned, err := answerInAddress(next)
			return nil, returned, err
		}
		address = next.String()
	}
	return nil, nil, fmt.Errorf("more than %d redirects in a row", mostRedirects)
}

func (b *Browser) send(method, address string, fields url.Values, origin string) (*http.Response, string, error) {
	request, err := http.NewRequest(method, address, strings.NewReader(fields.Encode()))
	if err != nil {
		return nil, "", err
	}
	request.Header.Set("Accept", "text/html")
	request.Header.Set("Accept-Language", "en")
	request.Header.Set("User-Agent", "vestibule-interop")
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", origin)
	}
	answer, err := b.client.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return answer, string(body), err
}

func answerInAddress(address *url.URL) (*Returned, error) {
	mode, encoded := "query", address.RawQuery
	if address.Fragment != "" {
		mode, encoded = "fragment", address.EscapedFragment()
	}
	parameters, err := url.ParseQuery(encoded)
	for name, values := range parameters {
		if len(values) > 1 {
			return nil, fmt.Errorf("the answer repeats %s", name)
		}
	}
	return &Returned{mode, address, parameters}, err
}

func answerToPost(page *Page, redirectURI string) *Returned {
	for _, form := range page.forms {
		address, err := page.Address.Parse(form.action)
		if err != nil || form.method != "post" || !samePlace(address, redirectURI) {
			continue
		}
		parameters := url.Values{}
		for _, control := range form.controls {
			if control.kind == "hidden" {
				parameters.Add(control.name, control.value)
			}
		}
		return &Returned{"form_post", address, parameters}
	}
	return nil
}

func samePlace(address *url.URL, redirectURI string) bool {
	other, err := url.Parse(redirectURI)
	path := func(u *url.URL) string { return "/" + strings.TrimPrefix(u.Path, "/") }
	return err == nil && originOf(address) == originOf(other) && path(address) == path(other)
}

func originOf(address *url.URL) string { return address.Scheme + "://" + address.Host }

func withoutQuery(address *url.URL) string { return originOf(address) + address.Path }

// readPage keeps the forms with their controls, and the words a person reads first.
func readPage(address *url.URL, status int, markup string) (*Page, error) {
	root, err := html.Parse(strings.NewReader(markup))
	if err != nil {
		return nil, err
	}
	page := &Page{Address: address, Status: status}
	loose := map[string][]control{} // controls that name their form by the `form` attribute
	var walk func(*html.Node, *form)
	walk = func(node *html.Node, within *form) {
		given := map[string]string{}
		for _, attribute := range node.Attr {
			given[attribute.Key] = attribute.Val
		}
		switch node.Data {
		case "title":
			page.Title = textOf(node)
		case "h1":
			page.Heading = textOf(node)
		case "form":
			within = &form{id: given["id"], action: given["action"], method: strings.ToLower(given["method"])}
			page.forms = append(page.forms, within)
		case "input", "button":
			one := controlOf(node.Data, given)
			if named, ok := given["form"]; ok {
				loose[named] = append(loose[named], one)
			} else if within != nil {
				within.controls = append(within.controls, one)
			}
		}
		if given["role"] == "alert" {
			page.Alert += textOf(node)
		}
		for child := node.FirstChild; child != nil; child = child.NextSibling {
			walk(child, within)
		}
	}
	walk(root, nil)
	for _, form := range page.forms {
		form.controls = append(form.controls, loose[form.id]...)
	}
	return page, nil
}

func controlOf(tag string, given map[string]string) control {
	_, checked := given["checked"]
	kind := strings.ToLower(given["type"])
	if kind == "" {
		kind = map[string]string{"input": "text", "button": "submit"}[tag]
	}
	return control{kind, given["id"], given["name"], given["value"], given["formaction"], checked}
}

func textOf(node *html.Node) string {
	var text strings.Builder
	var walk func(*html.Node)
	walk = func(node *html.Node) {
		if node.Type == html.TextNode {
			text.WriteString(node.Data + " ")
		}
		for child := node.FirstChild; child != nil; child = child.NextSibling {
			walk(child)
		}
	}
	walk(node)
	return strings.Join(strings.Fields(text.String()), " ")
}
