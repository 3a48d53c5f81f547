using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace IdentityProvider.Server.Pages;

/// <summary>What a page tells the layout around it.</summary>
internal static class PageViewData
{
    public static string Title(this ViewDataDictionary data) => (string)data[nameof(Title)]!;

    public static void Title(this ViewDataDictionary data, string title) => data[nameof(Title)] = title;

    /// <summary>Whether a form came back with something to mend: the window's title says so first.</summary>
    public static bool HasProblem(this ViewDataDictionary data) => data[nameof(HasProblem)] is true;

    public static void HasProblem(this ViewDataDictionary data, bool value) => data[nameof(HasProblem)] = value;

    /// <summary>How wide the content is, a class of the style sheet; null for a card in the middle.</summary>
    public static string? Frame(this ViewDataDictionary data) => (string?)data[nameof(Frame)];

    public static void Frame(this ViewDataDictionary data, string frame) => data[nameof(Frame)] = frame;
}
