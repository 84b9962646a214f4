//! The printed report of an evaluation. It only sets figures in lines.

use std::fmt;

use super::Evaluation;

impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "类别模型评测 / category model, {} 行 rows, {} 折 folds", self.rows, self.folds)?;
        writeln!(f, "划分 split: {}", self.split.title())?;
        writeln!(f, "每折内独立拟合(特征、权重、校准、量化) / everything fitted inside the fold")?;
        writeln!(f)?;
        writeln!(f, "macro-F1   {:.4}", self.macro_f1)?;
        writeln!(f, "accuracy   {:.4}", self.accuracy)?;
        writeln!(f, "ECE        {:.4}", self.ece)?;
        let folds: Vec<String> = self.fold_f1.iter().map(|v| format!("{v:.4}")).collect();
        writeln!(f, "每折 folds {}", folds.join(" "))?;
        writeln!(f)?;
        writeln!(f, "precision recall     F1   rows  类别 label")?;
        for c in &self.classes {
            writeln!(f, "   {:.4} {:.4} {:.4} {:6}  {}", c.precision, c.recall, c.f1, c.support, c.label)?;
        }
        writeln!(f)?;
        writeln!(f, "混淆 confusion (行为真实类别,列为判定类别 / rows: true, columns: judged)")?;
        for (row, class) in self.confusion.iter().zip(&self.classes) {
            for cell in row {
                write!(f, "{cell:6}")?;
            }
            writeln!(f, "  {}", class.label)?;
        }
        writeln!(f)?;
        writeln!(f, "覆盖率 coverage  accuracy  最低把握 threshold")?;
        for p in &self.coverage {
            writeln!(f, "        {:6.1}%    {:.4}    {:.4}", p.coverage * 100.0, p.accuracy, p.threshold)?;
        }
        let t = &self.at_threshold;
        writeln!(
            f,
            "把握低于 {:.2} 时只列备选 / abstains below: {:.1}% judged, accuracy {:.4}",
            t.threshold,
            t.coverage * 100.0,
            t.accuracy
        )
    }
}
