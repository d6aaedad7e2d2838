using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLClassify.MLNet;

// By these, Model.Load finds what loads our transformers: the header of each names this assembly and one of the names here.
[assembly: LoadableClass(typeof(ITransformer), typeof(ModelArchive), (Type?)null, typeof(SignatureLoadModel), "MLClassify's transformers", ModelArchive.LoaderName)]
[assembly: LoadableClass(typeof(IDataLoader<IMultiStreamSource>), typeof(ImageFolderLoader), (Type?)null, typeof(SignatureLoadModel), "MLClassify's image folders", ImageFolderLoader.LoaderName)]
