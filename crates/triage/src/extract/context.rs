//! What the finders share: the folded characters, and for each the beginning of the run of name
//! characters it stands in. A run ends at punctuation and at words that never stand in a name.

use std::sync::LazyLock;

use jiff::civil::Date;

use super::places::Mention;
use crate::quick::{CharSet, PairSet, list};
use crate::text::Text;

/// A text as the finders see it.
pub(crate) struct Scene<'a> {
    pub chars: &'a [char],
    /// Day of receipt, where known.
    pub received: Option<Date>,
    breaks: Vec<bool>,
    /// For each character, where the run it stands in or ends begins.
    run_start: Vec<u32>,
}

/// Han characters, the usual block and its extension A.
pub(crate) fn han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '〇' | '×')
}

/// Words that break a run. All of two characters.
static BREAKING_WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     投诉 举报 反映 希望 请求 要求 关于 对于 由于 因为 位于 座落 坐落 我们 他们 你们 自己 这个 \
     那个 一个 一家 一名 一位 某些 有关 相关 原来 现在 目前 经过 通过 根据 按照 依据 以及 或者 \
     还有 没有 不是 就是 已经 咨询 建议 承建 承包 担任 利用 伙同 收受 作为 时任 现任 原任 曾任 \
     历任 住在 家住 居住 来自 参加 进入 成立 注册 名叫 名为 所谓 所有 联系 找到 负责 属于 进行 \
     实施 违规 违法 非法 强行 尊敬 敬爱 您好 你好 领导 附近 旁边 对面 门口 里面 外面 下属 下辖 \
     所属 其中 如果 但是 虽然 可以 应该 能够 需要 认为 发现 存在 出现 造成 导致 之后 以后 之前 \
     以前 同时 然后 今年 去年 前年 每年 多次 长期 一直 至今 截至 早在 直接 委托 授权 聘请 任命 \
     起诉 状告 感谢 责令 督促 协调 买了 购买 入住",
    )
});

/// Single characters that break a run.
const BREAKING: &[char] = &[
    '的', '了', '在', '是', '和', '与', '及', '被', '把', '将', '向', '对', '从', '由', '给', '让', '叫', '到', '于',
    '我', '你', '您', '他', '她', '它', '们', '这', '那', '该', '请', '找', '去', '来', '就', '也', '都', '又', '还',
    '但', '而', '且', '或', '因', '为', '所', '以', '则', '只', '很', '太', '最', '更', '已', '曾', '并', '等', '称',
    '说', '问', '帮', '有', '没', '无', '不', '如', '若', '此', '其', '每', '各', '跟', '同', '要', '吗', '呢', '啊',
    '吧', '着', '某', '经', '受', '住', '至', '查', '原',
];

/// Words that stand in names although they hold a breaking character.
static WHOLE: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     和平 和谐 人和 永和 太和 祥和 和顺 共和 中和 仁和 泰和 嘉和 和信 和泰 和盛 家和 和县 和田 \
     呼和 来宾 来福 来凤 来安 无锡 无为 无极 无线 有色 有限 有线 为民 平等 对外 对口 同心 同德 \
     大同 同济 同仁 同创 同兴 同安 同方 合同 太阳 太平 太湖 太原 平原 中原 高原 开原 原野 原种 \
     经济 经开 经营 经管 经信 财经 经贸 经纬 住房 住建 住宅 住院 到家 到户 受理 查处 检查 督查 \
     审查 调查 勘查 稽查 普查 巡查 侦查 给水 供给 将军 帮扶 帮困 成都 首都 都江 于都 于洪 如皋 \
     如东 如意 如家 不动产 不锈 最高 更生 更新 那曲 那坡 其他 派出所 研究所 事务所 卫生所 看守所 \
     戒毒所 交易所 招待所 服务所 管理所 国土所 司法所 工商所 供电所 财政所 林业所 税务所",
    )
});

static WHOLE_FIRST: LazyLock<PairSet> = LazyLock::new(|| PairSet::firsts(WHOLE.iter().copied()));
static BREAKING_PAIRS: LazyLock<PairSet> = LazyLock::new(|| PairSet::firsts(BREAKING_WORDS.iter().copied()));
static BREAKING_FIRST: LazyLock<CharSet> = LazyLock::new(|| CharSet::firsts(&BREAKING_WORDS));
static BREAKING_SET: LazyLock<CharSet> = LazyLock::new(|| CharSet::new(BREAKING.iter().copied()));
static WHOLE_CHARS: LazyLock<CharSet> = LazyLock::new(|| CharSet::firsts(&WHOLE));

impl<'a> Scene<'a> {
    pub fn new(text: &'a Text<'_>, received: Option<Date>, mentions: &[Mention]) -> Self {
        let chars = text.chars();
        let mut breaks: Vec<bool> =
            chars.iter().map(|c| !(han(*c) || c.is_ascii_alphanumeric() || *c == '·')).collect();
        let mut whole = vec![false; chars.len()];
        let next = |i: usize| chars.get(i + 1).copied().unwrap_or('\0');
        for (i, c) in chars.iter().enumerate() {
            if WHOLE_CHARS.has(*c) && WHOLE_FIRST.has(*c, next(i)) {
                for word in WHOLE.iter().filter(|w| starts_with(chars, i, w)) {
                    whole[i..i + word.chars().count()].fill(true);
                }
            }
        }
        for mention in mentions.iter().filter(|m| m.full) {
            whole[mention.start..mention.end].fill(true);
        }
        let mut i = 0;
        while i < chars.len() {
            if !whole[i] {
                let word = BREAKING_FIRST.has(chars[i]) && BREAKING_PAIRS.has(chars[i], next(i)) && !whole[i + 1];
                if word {
                    breaks[i..i + 2].fill(true);
                    i += 2;
                    continue;
                }
                breaks[i] |= BREAKING_SET.has(chars[i]);
            }
            i += 1;
        }
        let run_start = runs(&breaks);
        Self { chars, received, breaks, run_start }
    }

    /// Makes what has been found (numbers, sums, dates) end every name around it.
    pub fn close(&mut self, found: &[super::Found]) {
        for f in found {
            self.breaks[f.start..f.end].fill(true);
        }
        self.run_start = runs(&self.breaks);
    }

    /// Where a name that goes on at `at` may begin at the earliest, at most `most` characters
    /// before it; `at` itself when nothing before it can belong to the name.
    pub fn left(&self, at: usize, most: usize) -> usize {
        match at.checked_sub(1) {
            Some(before) if !self.breaks[before] => (self.run_start[before] as usize).max(at.saturating_sub(most)),
            _ => at,
        }
    }

    /// Whether the character at `at` ends a name.
    pub fn breaks(&self, at: usize) -> bool {
        self.breaks.get(at).copied().unwrap_or(true)
    }

    /// Whether the text goes on with `word` at `at`.
    pub fn at(&self, at: usize, word: &str) -> bool {
        starts_with(self.chars, at, word)
    }

    /// Whether the text before `at` ends with `word`.
    pub fn before(&self, at: usize, word: &str) -> bool {
        let n = word.chars().count();
        at >= n && starts_with(self.chars, at - n, word)
    }

    /// Whether any of `words` stands wholly inside the `within` characters before `at`.
    pub fn lately(&self, at: usize, within: usize, words: &[&str]) -> bool {
        let from = at.saturating_sub(within);
        (from..at).any(|i| words.iter().any(|w| i + w.chars().count() <= at && starts_with(self.chars, i, w)))
    }

    /// The character at `at`.
    pub fn char(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    /// The character before `at`.
    pub fn previous(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|i| self.char(i))
    }

    /// The characters `start..end` as a string.
    pub fn string(&self, start: usize, end: usize) -> String {
        self.chars[start..end].iter().collect()
    }
}

/// For each character where the run it stands in, or ends, begins.
fn runs(breaks: &[bool]) -> Vec<u32> {
    let mut start = 0_u32;
    breaks
        .iter()
        .enumerate()
        .map(|(i, broken)| {
            let here = start;
            if *broken {
                start = u32::try_from(i + 1).unwrap_or(u32::MAX);
            }
            here
        })
        .collect()
}

/// Whether `chars` goes on with `word` at `at`.
pub(crate) fn starts_with(chars: &[char], at: usize, word: &str) -> bool {
    word.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c))
}
