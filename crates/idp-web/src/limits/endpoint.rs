//! What kind of endpoint a route is: whose allowance a request to it uses up, and who hears of it when there is none left.

/// A kind of endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// What clients read before anything else.
    Documents,
    /// Pages, and what browsers are sent to. Every route is of this kind that is of no other.
    Pages,
    /// Where the forms of a sign-in go: a password is checked there.
    SignIn,
    /// The token endpoint, and UserInfo.
    Tokens,
    /// Where devices ask for codes.
    DeviceCodes,
    /// Where people type them.
    DeviceEntry,
    /// Microsoft Graph.
    Graph,
}

/// Who asks at an endpoint, and so who must understand the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// A person: a page.
    Person,
    /// A program: JSON.
    Program,
    /// A client of Graph: JSON in Graph's manner.
    ClientOfGraph,
}

impl Endpoint {
    /// The kind of a route of the router, as it is written there; none for what is not there.
    pub fn of_route(route: Option<&str>) -> Self {
        let route = route.unwrap_or_default();
        if route.starts_with("/graph/") {
            return Self::Graph;
        }
        if route.starts_with("/signin/") {
            return Self::SignIn;
        }
        match route.rsplit('/').find(|word| !word.starts_with('{')) {
            Some("openid-configuration" | "keys" | "instance" | "userrealm") => Self::Documents,
            Some("token" | "userinfo") => Self::Tokens,
            Some("devicecode") => Self::DeviceCodes,
            Some("deviceauth" | "devicelogin") => Self::DeviceEntry,
            _ => Self::Pages,
        }
    }

    /// Who asks there.
    pub const fn asker(self) -> Asker {
        match self {
            Self::Documents | Self::Tokens | Self::DeviceCodes => Asker::Program,
            Self::Pages | Self::SignIn | Self::DeviceEntry => Asker::Person,
            Self::Graph => Asker::ClientOfGraph,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_says_its_kind_and_one_that_does_not_is_a_page() {
        for (route, kind) in [
            ("/{tenant}/v2.0/.well-known/openid-configuration", Endpoint::Documents),
            ("/{tenant}/userrealm/{upn}", Endpoint::Documents),
            ("/{tenant}/oauth2/v2.0/token", Endpoint::Tokens),
            ("/{tenant}/oauth2/devicecode", Endpoint::DeviceCodes),
            ("/{tenant}/oauth2/deviceauth", Endpoint::DeviceEntry),
            ("/{tenant}/oauth2/deviceauth/resume", Endpoint::Pages),
            ("/{tenant}/oauth2/authorize", Endpoint::Pages),
            ("/signin/password", Endpoint::SignIn),
            ("/graph/{version}/{*path}", Endpoint::Graph),
            ("/assets/{file}", Endpoint::Pages),
            ("/", Endpoint::Pages),
            ("/something/new", Endpoint::Pages),
        ] {
            assert_eq!(Endpoint::of_route(Some(route)), kind, "{route}");
        }
        assert_eq!(Endpoint::of_route(None), Endpoint::Pages);
    }
}
