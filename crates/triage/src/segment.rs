//! Cutting Chinese into words: jieba with a domain dictionary of posts and organs, loaded on
//! first use. It knows no meaning of the words.

use std::sync::LazyLock;

use jieba_rs::Jieba;

/// A word with its place in the text as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'a> {
    /// The word.
    pub text: &'a str,
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

/// Words the domain adds beside departments and posts, one a line.
const WORDS: &str = include_str!("../data/words.txt");

/// Enough to win against the same characters cut otherwise, little enough not to weigh on the
/// rest of the dictionary (whose words sum to some sixty million).
const FREQUENCY: usize = 3_000;

/// Every word the domain adds.
fn words() -> impl Iterator<Item = String> {
    let listed = WORDS.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    listed.chain(crate::extract::posts()).map(str::to_owned).chain(crate::extract::departments())
}

/// About 20 MB once loaded, so nothing is loaded before the first text is cut.
static JIEBA: LazyLock<Jieba> = LazyLock::new(|| {
    let mut jieba = Jieba::new();
    for word in words() {
        jieba.add_word(&word, Some(FREQUENCY), None);
    }
    jieba
});

fn keep<'a>(token: jieba_rs::Token<'a>) -> Option<Token<'a>> {
    token.word.chars().any(char::is_alphanumeric).then_some(Token {
        text: token.word,
        start: token.start,
        end: token.end,
    })
}

/// The words of a text, each once, in order; white space and punctuation left out.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    JIEBA.cut(text, true).into_iter().filter_map(keep).collect()
}

/// The words of a text and the shorter words inside long ones, for an index that answers both. A
/// word inside another comes before it and overlaps it.
pub fn tokens_for_search(text: &str) -> Vec<Token<'_>> {
    JIEBA.cut_for_search(text, true).into_iter().filter_map(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> String {
        tokens(text).iter().map(|t| t.text).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn posts_and_organs_are_cut_right() {
        for expected in [
            "市|住建局",
            "县|住建局|局长",
            "市|自规局",
            "区|城管局",
            "省|纪委监委",
            "县|纪委监委",
            "市|卫健委",
            "市|发改委",
            "县|人社局",
            "市|医保局",
            "市|市场监管局",
            "县|自然资源局",
            "市|生态环境局",
            "县|农业农村局",
            "市|退役军人事务局",
            "县|乡村振兴局",
            "派驻纪检监察组",
            "镇党委书记",
            "县委书记",
            "村支书",
            "村委会主任",
            "副局长",
            "区|政法委",
            "县|信访局",
            "市|文旅局",
            "街道办事处|主任",
        ] {
            assert_eq!(cut(&expected.replace('|', "")), expected);
        }
        assert_eq!(cut("举报市住建局局长收受贿赂。"), "举报|市|住建局|局长|收受贿赂");
    }

    #[test]
    fn tokens_stand_where_they_say() {
        let text = "😀 市住建局\u{200b},Abc-1 向村支书\n行贿２０万元";
        let chars: Vec<char> = text.chars().collect();
        for list in [tokens(text), tokens_for_search(text)] {
            for token in list {
                assert_eq!(chars[token.start..token.end].iter().collect::<String>(), token.text);
            }
        }
        assert!(tokens("").is_empty() && tokens("……!?").is_empty());
    }

    #[test]
    fn search_also_gives_the_words_inside() {
        let found: Vec<&str> = tokens_for_search("自然资源和规划局").iter().map(|t| t.text).collect();
        assert!(found.contains(&"自然") && found.contains(&"资源") && found.contains(&"规划"), "{found:?}");
    }

    #[test]
    fn the_list_of_words_has_no_repetition_and_no_stray_sign() {
        let mut seen = std::collections::HashSet::new();
        for word in words() {
            assert!(word.chars().all(|c| c.is_alphanumeric()), "{word}");
            assert!(seen.insert(word.clone()) || !WORDS.lines().any(|l| l == word), "{word} is listed and generated");
        }
    }
}
