package interop

import "fmt"

// Person is somebody in front of the browser: answers one question a page, and stops where a person would.
type Person struct {
	browser *Browser
	user    User
}

// NewPerson is somebody with a browser of their own.
func NewPerson(environment *Environment, user User) Person {
	return Person{NewBrowser(environment), user}
}

// SignIn signs in and returns what the application receives.
func (p Person) SignIn(address, redirectURI string) (*Returned, error) {
	page, returned, err := p.TryToSignIn(address, redirectURI, p.user.Password)
	if page != nil {
		err = fmt.Errorf("%s could not sign in; the last was %s", p.user.UPN, page)
	}
	return returned, err
}

// TryToSignIn is as SignIn, but stops at a page that refuses the password, or that is not a question at all.
func (p Person) TryToSignIn(address, redirectURI string, password Secret) (*Page, *Returned, error) {
	page, returned, err := p.browser.Open(address, redirectURI)
	if page == nil {
		return nil, returned, err
	}
	return p.GoOn(page, redirectURI, password)
}

// GoOn answers the questions from a page onward.
func (p Person) GoOn(page *Page, redirectURI string, password Secret) (*Page, *Returned, error) {
	gavePassword, answeredStay := false, false
	for step := 0; step < mostPages; step++ {
		typed, button := map[string]string{}, "idSIButton9"
		_, next := page.button("idSIButton9")
		_, back := page.button("idBtn_Back")
		switch {
		case page.AsksFor("passwd"):
			if gavePassword {
				return page, nil, nil
			}
			gavePassword = true
			typed = map[string]string{"loginfmt": p.user.UPN, "passwd": string(password)}
		case page.AsksFor("loginfmt"):
			if gavePassword || page.Alert != "" {
				return page, nil, nil
			}
			typed = map[string]string{"loginfmt": p.user.UPN}
		case gavePassword && !answeredStay && next != nil && back != nil:
			answeredStay = true
			button = "idBtn_Back" // "stay signed in?" - no
		default:
			return page, nil, nil
		}
		var returned *Returned
		var err error
		page, returned, err = p.browser.Press(page, button, typed, redirectURI)
		if page == nil {
			return nil, returned, err
		}
	}
	return page, nil, nil
}
