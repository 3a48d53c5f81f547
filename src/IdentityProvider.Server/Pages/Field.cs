namespace IdentityProvider.Server.Pages;

/// <summary>One labelled input; its id and name are the same and stay the same, for scripts and password stores hang on them.</summary>
internal sealed record Field(string Name, string Label)
{
    public string Type { get; init; } = "text";

    /// <summary>What the browser may fill in (HTML Living Standard, autofill).</summary>
    public required string Autocomplete { get; init; }

    public string? Value { get; init; }

    public string? Hint { get; init; }

    /// <summary>What is wrong with what was sent; null when nothing is.</summary>
    public string? Problem { get; init; }

    public string Autocapitalize { get; init; } = "none";

    /// <summary>Which keyboard a telephone shows (HTML Living Standard, <c>inputmode</c>); null for the usual one.</summary>
    public string? InputMode { get; init; }

    /// <summary>What the enter key of a telephone says (HTML Living Standard, <c>enterkeyhint</c>): <c>next</c> before the last field of a form.</summary>
    public string EnterKey { get; init; } = "go";

    public int MaxLength { get; init; } = 256;

    public bool Required { get; init; } = true;

    public bool Focus { get; init; }
}
