using System.Security.Cryptography;
using IdentityProvider.Server.Endpoints;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Style sheet, script and picture of the pages. They are part of the assembly, so they are there however the server is started. Pages
/// name them with a hash of their content: browsers keep them for a year and still see every change at once.
/// </summary>
internal sealed class PageAssets
{
    private const string VersionParameter = "v";
    private const string KeepForever = "public, max-age=31536000, immutable";
    private const string KeepForAnHour = "public, max-age=3600";

    private static readonly (string Path, string ContentType)[] Files =
    [
        ("/css/pages.css", "text/css; charset=utf-8"),
        ("/js/form-post.js", "text/javascript; charset=utf-8"),
        ("/js/check-session.js", "text/javascript; charset=utf-8"),
        ("/js/frontchannel-logout.js", "text/javascript; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml"),
    ];

    private readonly Dictionary<string, PublicDocument> _documents = new(StringComparer.Ordinal);

    public PageAssets()
    {
        foreach (var (path, contentType) in Files)
        {
            using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream("wwwroot" + path)
                ?? throw new InvalidOperationException($"{path} is not part of the assembly");
            var body = new byte[stream.Length];
            stream.ReadExactly(body);
            var hash = Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 8));
            _documents[path] = new PublicDocument(body, contentType, $"\"{hash}\"", KeepForAnHour);
        }
    }

    /// <summary>Path under the root, without its leading slash, with the version.</summary>
    public string StyleSheet => Versioned("css/pages.css");

    public string FormPostScript => Versioned("js/form-post.js");

    public string FrontchannelLogoutScript => Versioned("js/frontchannel-logout.js");

    public string CheckSessionScript => Versioned("js/check-session.js");

    public string Mark => Versioned("favicon.svg");

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (path, document) in _documents)
        {
            var forever = document with { CacheControl = KeepForever };
            routes.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], context =>
            {
                context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
                return ProtocolResults.WriteDocumentAsync(context, context.Request.Query.ContainsKey(VersionParameter) ? forever : document);
            });
        }
    }

    private string Versioned(string path) => $"{path}?{VersionParameter}={_documents["/" + path].ETag.Trim('"')}";
}
