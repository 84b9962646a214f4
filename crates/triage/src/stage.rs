//! The seam of the funnel: a stage is a function from what is known to suggestions, each with its
//! grounds and a confidence. It does not know which stages exist or in what order they run.

use domain::words::{Kind, Rank};
use serde::{Deserialize, Serialize};

use crate::entity::Entity;
use crate::gazetteer::Place;
use crate::judge::{Input, Ranked};
use crate::text::Text;

/// A stretch of the text as given, in characters, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

/// What a suggestion or a ground is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The first-level category.
    Category,
    /// An entity in the text.
    Entity,
    /// A division of the gazetteer.
    Place,
    /// 类别 of the edition.
    Kind,
    /// 职级 of who is reported.
    Rank,
    /// 内容摘要.
    Digest,
}

/// Declares the rules with the reason each gives, in both languages.
macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $id:literal, $zh:literal, $en:literal;)+) => {
        /// Why something is suggested: the rule that led there. Stored by its spelling, so that a
        /// stored judgement still explains itself after the sentences were improved.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Rule { $($(#[$doc])* #[serde(rename = $id)] $variant,)+ }
        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// The stored spelling.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $id,)+ } }
            /// The reason in Chinese.
            pub const fn because(self) -> &'static str { match self { $(Self::$variant => $zh,)+ } }
            /// The reason in English.
            pub const fn because_en(self) -> &'static str { match self { $(Self::$variant => $en,)+ } }
        }
    };
}

rules! {
    /// Words that weighed most for the category.
    CategoryWords = "category_words", "这几个字在同类来件中多见", "these characters are typical of reports of this category";
    /// Nothing to go by.
    TooLittleText = "too_little_text", "文字太少或没有可辨认的内容，不作建议", "too little recognisable text; nothing is suggested";
    /// The best category is not sure enough.
    Unsure = "unsure", "把握不足，仅列备选，请人工判断", "not sure enough; only alternatives are listed, please judge";
    /// A number with a unit of money.
    MoneyUnit = "money_unit", "数字与货币单位相连", "a number joined to a unit of money";
    /// A calendar date.
    CalendarDate = "calendar_date", "写明的日期", "a date as written";
    /// A date relative to the day of the report.
    RelativeDate = "relative_date", "相对日期，按收件日推算", "a relative date, reckoned from the day of receipt";
    /// Eleven digits of a mobile number.
    MobileNumber = "mobile_number", "符合手机号码的位数和号段", "has the length and prefix of a mobile number";
    /// A landline or service number.
    LandlineNumber = "landline_number", "符合固定电话或服务号码的写法", "written as a landline or service number";
    /// Eighteen characters whose check digit is right.
    IdentityChecksum = "identity_checksum", "十八位，日期有效，校验码正确(GB 11643)", "eighteen characters, valid date, check digit right (GB 11643)";
    /// Digits that satisfy Luhn.
    AccountLuhn = "account_luhn", "十六至十九位数字，通过银行卡校验(Luhn)", "16 to 19 digits that pass the bank card check (Luhn)";
    /// A unified social credit code whose check character is right.
    CreditChecksum = "credit_checksum", "十八位，校验码正确(GB 32100)", "eighteen characters, check character right (GB 32100)";
    /// A number plate.
    Plate = "plate", "符合机动车号牌的写法", "written as a number plate";
    /// The number of an official document.
    DocumentNumber = "document_number", "符合公文发文字号的写法", "written as the number of an official document";
    /// A title between book marks that names a paper.
    DocumentTitle = "document_title", "书名号内的文件或材料名称", "a paper's name between title marks";
    /// Ends like a company.
    CompanyName = "company_name", "以企业名称的字样结尾", "ends like the name of a company";
    /// Ends like an organ of state or Party.
    OrganName = "organ_name", "以党政机关的字样结尾", "ends like an organ of state or Party";
    /// Ends like another organisation.
    OrganisationName = "organisation_name", "以学校、医院、村委会等组织的字样结尾", "ends like a school, hospital, village committee or other organisation";
    /// A post from the list of posts.
    PostName = "post_name", "职务名录中的职务", "a post from the list of posts";
    /// A surname and given name beside a post or a call.
    NameByPost = "name_by_post", "姓氏加名字，且紧邻职务、称谓或提示语", "a surname and given name beside a post, a form of address or a cue";
    /// A surname with the given name withheld.
    NameWithheld = "name_withheld", "姓氏后以“某”等字隐去名字", "a surname with the given name withheld";
    /// A house number or road with its place.
    AddressParts = "address_parts", "地名、道路、门牌等连写", "place, road and house number written together";
    /// A work or project.
    ProjectName = "project_name", "以“工程”“项目”等字样结尾", "ends like the name of a work or project";
    /// A known event or campaign.
    EventName = "event_name", "以“事件”“事故”等字样结尾", "ends like the name of an event or accident";
    /// The gazetteer knows the name, and it is the only one of that name.
    PlaceName = "place_name", "行政区划中的地名", "a name among the administrative divisions";
    /// Several divisions share the name; the chain of names settles it.
    PlaceByChain = "place_by_chain", "同名地由上级地名确定", "several places share the name; the name above it settles which";
    /// Several divisions share the name; the office's own division settles it.
    PlaceByHome = "place_by_home", "同名地按本地优先确定", "several places share the name; the office's own division settles which";
    /// The post itself carries the rank.
    RankByPost = "rank_by_post", "由职务本身可知职级", "the post itself carries the rank";
    /// The level of the organ gives the rank.
    RankByOrgan = "rank_by_organ", "由所在机关的层级推得职级", "the level of the organ gives the rank";
    /// Words of accusation against one who holds a public post.
    KindAccusation = "kind_accusation", "有被反映人的职务或单位，并有违纪违法行为的字样", "names a post or organ and an act against discipline or law";
    /// Words against an earlier decision about oneself.
    KindAppeal = "kind_appeal", "对已作出的处分、决定或答复不服", "does not accept an earlier decision about oneself";
    /// Words that propose.
    KindSuggestion = "kind_suggestion", "以建议、意见为主要内容", "mainly proposes or advises";
    /// Words that ask for help or ask a question.
    KindPetition = "kind_petition", "请求解决自己的困难或诉求", "asks for one's own difficulty to be solved";
    /// A matter of courts, arbitration or another organ.
    KindOutOfScope = "kind_out_of_scope", "属诉讼、仲裁、复议或其他机关职责的事项", "a matter of courts, arbitration, review or another organ";
    /// Names an offence only.
    KindNoSubstance = "kind_no_substance", "只有罪名或评价，没有时间、地点、事实", "names an offence or an opinion only, with no time, place or fact";
    /// Whole sentences chosen for the digest.
    DigestSentences = "digest_sentences", "摘自原文整句，未作改写", "whole sentences of the text, not rewritten";
}

/// One ground: what it supports, the rule, and the words it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// What it supports.
    pub what: What,
    /// The rule; [`Rule::because`] gives its sentence.
    pub rule: Rule,
    /// Where in the text; absent when it rests on the title or on the whole.
    pub span: Option<Span>,
    /// The words themselves; empty when it rests on the whole.
    pub quote: String,
}

/// What a stage claims.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// The category with its alternatives; `settled` is false when the model abstains.
    Category(Ranked),
    /// An entity.
    Entity(Entity),
    /// A division.
    Place(Place),
    /// 类别.
    Kind(Kind),
    /// 职级.
    Rank(Rank),
    /// 内容摘要 of whole sentences.
    Digest(String),
}

/// A claim with its confidence and grounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// What is claimed.
    pub claim: Claim,
    /// 0 to 1. For the category a calibrated probability; for rules a fixed figure per rule.
    pub confidence: f32,
    /// Why.
    pub grounds: Vec<Ground>,
}

/// What is known so far: the report as given and the suggestions of the stages before.
#[derive(Debug)]
pub struct Known<'a> {
    /// The report as given.
    pub input: &'a Input<'a>,
    /// Its text, folded and with offsets back to the original.
    pub text: &'a Text<'a>,
    /// Suggestions so far, in the order they were made.
    pub suggestions: &'a [Suggestion],
}

impl Known<'_> {
    /// Entities suggested so far.
    pub fn entities(&self) -> impl Iterator<Item = &Entity> {
        self.suggestions.iter().filter_map(|s| match &s.claim {
            Claim::Entity(entity) => Some(entity),
            _ => None,
        })
    }
}

/// A stage of the funnel.
pub trait Stage: Send + Sync {
    /// A short stable name, recorded with the judgement.
    fn name(&self) -> &'static str;
    /// What this stage makes of what is known. Empty when it has nothing to say.
    fn suggest(&self, known: &Known<'_>) -> Vec<Suggestion>;
}
