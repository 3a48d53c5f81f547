using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Admin.Declared;

/// <summary>A declared object some members of which may be written for people of one language: <c>client_name#de</c> (RFC 7591 §2.2).</summary>
public interface IDeclaredInLanguages
{
    /// <summary>Those that were written with a tag. Which members may be is said by <see cref="InLanguagesAttribute"/>.</summary>
    IReadOnlyList<LocalizedText> LocalizedTexts { get; set; }
}

/// <summary>People read it: it may be written once more for each language, with a number sign and the language's tag behind its name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InLanguagesAttribute : Attribute;
