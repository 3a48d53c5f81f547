namespace IdentityProvider.Server.Pages;

/// <summary>The hosted pages: section <c>IdentityProvider:Pages</c>.</summary>
internal sealed class PagesOptions
{
    /// <summary><c>service_name</c>: what the pages call this service. Default <c>Identity Provider</c>; at most 60 characters.</summary>
    public string ServiceName { get; set; } = "Identity Provider";

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(ServiceName) || ServiceName.Length > 60)
        {
            yield return "Pages:service_name must have 1 to 60 characters.";
        }
    }
}
