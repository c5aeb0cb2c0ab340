//! Lists: where their objects are looked for, which of them are shown, and where the next page begins.
//!
//! 1. What is asked: [`QueryOptions`].   2. Where to look: [`Source`], by an index if one helps.
//! 3. Look at objects, at most [`MOST_LOOKED_AT`], and take those that the whole filter holds for.
//! 4. Where the next page begins: sealed, bound to tenant, list and query (GA-03).
//!
//! A page may have fewer objects than were asked for, or none, and still lead to a next one: that is how a filter that no
//! index serves stays bounded.

mod expand;
mod records;
mod source;

use serde_json::{Map, Value};
use vestibule_wire::graph_error::{GraphError, GraphErrorBody};

use idp_domain::sealed::Purpose;

use crate::authorize::Allowed;
use crate::call::Call;
use crate::error::Refusal;
use crate::odata::error::QueryError;
use crate::odata::options::{QueryOptions, Select};
use crate::odata::page_token::{After, PageToken};
use crate::odata::render::{self, Page, Shape};
use crate::odata::schema::EntityType;
use crate::operations::Takes;
use crate::reply::Reply;
use crate::schema::{directory_object, user};

pub(crate) use expand::may_read;
pub(crate) use records::assignment;
pub use source::{Item, Source};

/// Objects looked at for one page.
pub const MOST_LOOKED_AT: usize = 5_000;
/// Objects looked at to count those that a filter holds for.
pub const MOST_COUNTED: usize = 20_000;
/// Objects read at once where a filter may pass most of them over.
const BATCH: u32 = 500;

/// A list.
#[derive(Debug)]
pub struct List {
    /// What its objects are; what may be asked of them.
    pub entity: &'static EntityType,
    /// The name of the set, for `@odata.context`.
    pub set: String,
    /// Where they are.
    pub source: Source,
    /// Only what is told with `User.ReadBasic.All` is told, and asked for.
    pub basic: bool,
}

impl List {
    /// A list of all there is to tell.
    pub fn new(entity: &'static EntityType, source: Source) -> Self {
        Self { entity, set: entity.set.to_owned(), source, basic: false }
    }

    /// A list whose objects may be of several kinds.
    pub fn mixed(source: Source) -> Self {
        let entity = &directory_object::DIRECTORY_OBJECT;
        Self { entity, set: entity.set.to_owned(), source, basic: false }
    }

    /// Basic profiles only.
    pub fn basic(self, basic: bool) -> Self {
        Self { basic, ..self }
    }

    /// Answers a page.
    pub async fn answer(mut self, call: &Call<'_>, allowed: &Allowed) -> Result<Reply, Refusal> {
        // 1. What is asked?
        let asked = call.asked();
        let options = QueryOptions::parse(query(&asked.query), self.entity, asked.eventual)?;
        // 2. Where to look?
        self.source.seek(&options)?;
        // 3. Look.
        let found = self.find(call, &options).await?;
        let count = match options.count {
            true => Some(self.count(call, &options).await?),
            false => None,
        };
        // 4. Show them, and where the next page begins.
        let mut value = Vec::with_capacity(found.objects.len());
        for object in found.objects {
            let mut shown = self.show(&object, &options.select);
            expand::into(call, &mut shown, &object, &options.expand).await?;
            value.push(Value::Object(shown));
        }
        let next_link = found.next.map(|after| self.next_link(call, &options, after));
        let base = call.address("");
        let context =
            render::query_context(base.trim_end_matches('/'), &self.set, &options, Shape::Collection);
        let page = Page { value, count, next_link };
        Ok(Reply::with(allowed, object(page.into_body(context))))
    }

    /// Answers how many there are.
    pub async fn answer_count(mut self, call: &Call<'_>, allowed: &Allowed) -> Result<Reply, Refusal> {
        let asked = call.asked();
        if !asked.eventual {
            return Err(Refusal::Unsupported(
                "$count is not currently supported without the 'ConsistencyLevel:eventual' header.".into(),
            ));
        }
        // The path says `$count`; to the reader of the query it is the same as the option.
        let mut query = asked.query.clone();
        if !query.contains("$count=") {
            query.push_str(if query.is_empty() { "$count=true" } else { "&$count=true" });
        }
        let options = QueryOptions::parse(Some(&query), self.entity, true)?;
        self.source.seek(&options)?;
        let count = self.count(call, &options).await?;
        Ok(Reply::text(allowed, count.to_string()))
    }

    async fn find(&self, call: &Call<'_>, options: &QueryOptions) -> Result<Found, Refusal> {
        let wanted = match &self.source {
            // What an action answers is whole: no `GET` leads to a next page of it.
            Source::Given(all) if matches!(call.asked().operation.takes, Takes::Arguments(_)) => all.len(),
            _ => usize::from(options.page_size()),
        };
        let mut at = self.position(call, options)?;
        let mut found = Found { objects: Vec::new(), next: None };
        // One more than is shown says whether there is a next page.
        let exact = options.filter.is_none() && options.search.is_none();
        let batch = if exact { u32::try_from(wanted).map_or(BATCH, |wanted| wanted + 1) } else { BATCH };
        let mut looked_at = 0;
        loop {
            let read = self.source.read(call, at.as_ref(), batch).await?;
            let was_last = read.len() < batch as usize;
            for Item { position, object } in read {
                if looked_at == MOST_LOOKED_AT {
                    found.next = at;
                    return Ok(found);
                }
                looked_at += 1;
                let object = object.map(|object| self.told(object));
                if let Some(object) = object.filter(|object| holds(options, object)) {
                    if found.objects.len() == wanted {
                        found.next = at;
                        return Ok(found);
                    }
                    found.objects.push(object);
                }
                at = Some(position);
            }
            if was_last {
                return Ok(found);
            }
        }
    }

    async fn count(&self, call: &Call<'_>, options: &QueryOptions) -> Result<u64, Refusal> {
        let all = options.filter.is_none() && options.search.is_none();
        if all && let Some(count) = self.source.count(call).await? {
            return Ok(count);
        }
        let (mut count, mut looked_at, mut at) = (0, 0, None);
        loop {
            let read = self.source.read(call, at.as_ref(), BATCH).await?;
            let was_last = read.len() < BATCH as usize;
            looked_at += read.len();
            for Item { position, object } in read {
                let object = object.map(|object| self.told(object));
                count += u64::from(object.is_some_and(|object| holds(options, &object)));
                at = Some(position);
            }
            if was_last {
                return Ok(count);
            }
            if looked_at >= MOST_COUNTED {
                return Err(Refusal::Unsupported(format!(
                    "More than {MOST_COUNTED} objects would have to be looked at to count these. Ask without $count, or narrow the \
                     filter to an indexed property."
                )));
            }
        }
    }

    /// What may be known of an object: a filter on what is not told would tell it.
    fn told(&self, mut object: Map<String, Value>) -> Map<String, Value> {
        if self.basic {
            object.retain(|name, _| user::BASIC.contains(&name.as_str()));
        }
        object
    }

    /// What is shown of an object. In a mixed list each shows what its own kind shows.
    fn show(&self, object: &Map<String, Value>, select: &Select) -> Map<String, Value> {
        let mixed = self.entity.name == directory_object::DIRECTORY_OBJECT.name;
        let own = object.get("@odata.type").and_then(Value::as_str).and_then(directory_object::entity_named);
        match own.filter(|_| mixed && *select == Select::Default) {
            Some(entity) => render::project(object, entity, select),
            None => render::project(object, self.entity, select),
        }
    }

    fn position(&self, call: &Call<'_>, options: &QueryOptions) -> Result<Option<After>, Refusal> {
        let Some(sealed) = &options.skip_token else { return Ok(None) };
        let belongs_to = call.tenant();
        let token: Result<PageToken, _> =
            call.sealer().open(Purpose::PageToken, belongs_to.as_bytes(), sealed);
        let token = token.map_err(|_| QueryError::ExpiredPageToken)?;
        Ok(Some(token.redeem(&collection(call), options)?))
    }

    fn next_link(&self, call: &Call<'_>, options: &QueryOptions, after: After) -> String {
        let token = PageToken::new(collection(call), options, after);
        let belongs_to = call.tenant();
        let sealed =
            call.sealer().seal(Purpose::PageToken, belongs_to.as_bytes(), &token, call.now(), call.random());
        let address = call.address(&call.asked().path);
        render::next_link(&address, query(&call.asked().query), &sealed)
    }
}

/// The objects of a page.
struct Found {
    objects: Vec<Map<String, Value>>,
    next: Option<After>,
}

fn holds(options: &QueryOptions, object: &Map<String, Value>) -> bool {
    options.filter.as_ref().is_none_or(|filter| filter.matches(object))
        && options.search.as_ref().is_none_or(|search| search.matches(object))
}

/// What a page token is bound to: the list, whichever version it was asked under.
fn collection(call: &Call<'_>) -> String {
    call.asked().path.clone()
}

/// An entity, as `$select` and `$expand` want it.
pub async fn one(
    call: &Call<'_>,
    allowed: &Allowed,
    entity: &'static EntityType,
    members: Map<String, Value>,
) -> Result<Reply, Refusal> {
    let asked = call.asked();
    let options = QueryOptions::parse(query(&asked.query), entity, asked.eventual)?;
    let base = call.address("");
    let context = render::query_context(base.trim_end_matches('/'), entity.set, &options, Shape::Entity);
    let mut shown = render::project(&members, entity, &options.select);
    expand::into(call, &mut shown, &members, &options.expand).await?;
    Ok(Reply::entity(allowed, object(render::entity(context, shown))))
}

/// What was just made.
pub fn made(
    call: &Call<'_>,
    allowed: &Allowed,
    entity: &'static EntityType,
    members: &Map<String, Value>,
) -> Reply {
    let base = call.address("");
    let context =
        render::context(base.trim_end_matches('/'), entity.set, &Select::Default, &[], Shape::Entity);
    let shown = render::project(members, entity, &Select::Default);
    let id = members.get("id").and_then(Value::as_str).unwrap_or_default();
    let location = call.address(&format!("{}/{id}", entity.set));
    Reply::created(allowed, object(render::entity(context, shown)), location)
}

/// `{"@odata.context": …, "value": …}`, for what an action returns.
pub fn value(call: &Call<'_>, allowed: &Allowed, kind: &str, value: Value) -> Reply {
    let mut body = Map::new();
    body.insert("@odata.context".into(), call.context(kind));
    body.insert("value".into(), value);
    Reply::with(allowed, body)
}

fn query(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

impl From<QueryError> for Refusal {
    fn from(error: QueryError) -> Self {
        let GraphErrorBody { error } = GraphErrorBody::new(error.code(), error.to_string());
        Self::Query(Box::new(GraphError { ..error }))
    }
}
