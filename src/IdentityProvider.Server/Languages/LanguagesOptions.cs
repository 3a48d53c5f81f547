namespace IdentityProvider.Server.Languages;

/// <summary>The languages of pages and mail: section <c>IdentityProvider:Languages</c>.</summary>
internal sealed class LanguagesOptions
{
    /// <summary>
    /// <c>default_language</c>: the language of those who asked for none that is there. Default <c>en</c>; a language tag (RFC 5646) of which
    /// there are texts.
    /// </summary>
    public string DefaultLanguage { get; set; } = "en";

    /// <summary>
    /// <c>folder</c>: where further texts lie, one file for each language: <c>PageTexts.fr.json</c> or <c>PageTexts.fr.resx</c>. Default
    /// <c>texts</c> in the data folder; a folder that does not exist is as good as an empty one.
    /// </summary>
    public string Folder { get; set; } = "texts";

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        var files = TextFiles.Read(Folder);
        foreach (var problem in files.Problems)
        {
            yield return $"Languages:folder {problem}";
        }

        var languages = files.Languages.Concat(TextSet.All.SelectMany(set => set.Languages));
        if (!languages.Contains(DefaultLanguage, StringComparer.Ordinal))
        {
            yield return $"Languages:default_language must be one of {string.Join(", ", languages.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))}.";
        }
    }
}
